"""Minutes for those who aren't in the workspace: by a link that expires, may ask for a password, and can be revoked."""
