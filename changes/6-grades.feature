数据分类分级：每个数据项按名称建议类别和级别，由数据专员定、审核的人看得到，级别决定数据怎样脱敏显示。 Data items have class and grade, suggested by their names, set by stewards, seen by reviewers; the grade decides how values are masked.
