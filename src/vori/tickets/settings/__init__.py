"""How sure VORI must be in a workspace, and which labels it uses."""
