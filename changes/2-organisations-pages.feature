Pages of departments and halls; the system administrator keeps them at /console/organisations/.
