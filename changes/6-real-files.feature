归集用真实文件检验：csv-spectrum 的各种边角情形和多年的逐小时空气质量数据，一行不少。 Gathering is held to csv-spectrum and to years of air quality by the hour.
