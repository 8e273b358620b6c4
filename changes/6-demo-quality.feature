示例城市有两个部门的质量规则、三周的检查和各种状态的工单。 The demo city has quality rules of two departments, three weeks of checks and tickets in every state.
