同一个归集任务可以在本机的 DuckDB 上运行，也可以在 Spark 集群上运行（TONGBAN_LAKE_ENGINE=spark），逐行结果相同，隔离原因也相同。
