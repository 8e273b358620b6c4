日志里不写人：强杀测试之后逐行核对网站、后台、数据库的日志，不得出现姓名、身份证号、电话。 Nobody is named in a log: after the kill tests every line of web, worker and database server is looked through.
