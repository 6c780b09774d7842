"""Who: workspaces, today one for the one person on this machine. Sign-in, teams and roles will live here."""
