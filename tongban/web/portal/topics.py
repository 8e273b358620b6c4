"""The topics by which people and companies look for what to do (国办函〔2016〕108号, annex); the home page shows the usual ones."""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    name: str
    icon: str


PERSON_TOPICS = (
    Topic("生育收养", "baby"),
    Topic("户籍办理", "home"),
    Topic("教育科研", "school"),
    Topic("就业创业", "work"),
    Topic("婚姻登记", "rings"),
    Topic("医疗卫生", "health"),
    Topic("社会保障", "shield"),
    Topic("住房保障", "land"),
    Topic("交通出行", "car"),
    Topic("证件办理", "card"),
    Topic("准营准办", "shop"),
    Topic("优待抚恤", "care"),
)
COMPANY_TOPICS = (
    Topic("设立变更", "company"),
    Topic("准营准办", "shop"),
    Topic("资质认证", "star"),
    Topic("税收财务", "tax"),
    Topic("人力资源", "staff"),
    Topic("投资审批", "money"),
    Topic("国土和规划建设", "land"),
    Topic("环保绿化", "leaf"),
    Topic("交通运输", "delivery"),
    Topic("医疗卫生", "health"),
    Topic("司法公证", "scale"),
    Topic("法人注销", "exit"),
)
