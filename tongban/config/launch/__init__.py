"""Starting and stopping the whole house on one machine: the private PostgreSQL cluster, web, worker."""
