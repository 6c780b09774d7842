"""PostgreSQL: the embedded server, connections that carry a workspace, and the migrations that make the tables."""
