随机测试也试表单引擎、旧证照清单、节假日、目录导入、归集文件和入湖的行、搜索词，以及被破坏的 PDF、OFD；`make fuzz MINUTES=…` 长时间运行，发现的留在 .data/fuzz。
