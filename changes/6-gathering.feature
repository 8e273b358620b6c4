数据归集（界面待做）：连接部门数据库和文件，按天归集入湖，断点续传，表结构变化停下确认。 Gathering, without pages yet: departments' databases and files come into the lake every day, resumable, a changed shape is asked about.
