"""VORI's own short meetings, in English and Korean: their sound, and VORI playing one to itself."""
