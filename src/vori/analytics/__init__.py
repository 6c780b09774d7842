"""What meetings and tickets come to over weeks and months. So far: histories made up to try that on."""
