"""Who: workspaces, today one for the one person on this machine, and their members. Sign-in will live here."""
