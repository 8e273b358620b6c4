`/metrics` for Prometheus: requests by route, time in the database, queues, post, backup, log, standby, certificates, clocks, disks, processes. Every process leaves a sign of life in the database.
