"""Tests run on the project's own PostgreSQL unless DATABASE_URL names another."""

import os

from tongban.config.launch import cluster

if not os.environ.get("DATABASE_URL"):
    cluster.start()
