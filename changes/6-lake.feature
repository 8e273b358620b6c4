数据湖：批次原样留存，按主键入湖一次且只一次，任何一天的样子都可以再查。 The lake: batches kept as they came, merged once, any earlier day can be asked for.
