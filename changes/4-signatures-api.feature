接口 `GET /cases/{project_no}/signatures` 说明一件办件上谁签了什么、用哪张证书、现在核验的每一步结果。
