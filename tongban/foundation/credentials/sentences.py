"""What each answer and each step means to a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

# Answer → headline, what it means and what to do, and its mark (ok, warn, bad).
ANSWERS: dict[str, tuple[Any, Any, str]] = {
    "valid": (_("有效"), _("证照是真的，现在有效。请核对下面的内容与您看到的是否一致。"), "ok"),
    "copy": (
        _("是真的加注件"),
        _("这是证照的副本，只供写明的人、用于写明的事。请核对是不是给您的、是不是办这件事、过没过期。"),
        "ok",
    ),
    "copy_over": (_("加注件已过期"), _("副本是真的，但写明的最后一天已经过了，不能再用。请持证人重新制作。"), "bad"),
    "genuine": (_("文件是真的"), _("签名和印章有效，内容没有改动。"), "ok"),
    "not_yet": (_("还没有生效"), _("证照是真的，但有效期还没有开始。"), "warn"),
    "expired": (_("已经过期"), _("证照是真的，但有效期已经结束，不能再使用。"), "bad"),
    "superseded": (_("已经换发"), _("这是以前的版本，已经变更、延续或者补发，不能再用。请持证人出示新的证照。"), "bad"),
    "suspended": (_("暂扣中"), _("证照被暂时扣留，这段时间内不能使用。"), "bad"),
    "revoked": (_("已经失效"), _("证照已被注销、吊销、撤销或者声明遗失，不能使用。"), "bad"),
    "altered": (_("内容被改动过"), _("签名与内容不符。不要采信，必要时请向颁发机关查询。"), "bad"),
    "foreign": (_("不是本市签发的"), _("本市的公钥集里没有这个签发机关。请到签发城市的网站核验。"), "bad"),
    "clock": (_("时间不对，无法判断"), _("这台设备的时间比签发时间还早，可能被往回调过。请校准时间后再核验。"), "warn"),
    "unreadable": (_("读不懂"), _("这不是证照上的核验码，或者没有读全。请重新扫描，或者改为输入证照编号。"), "warn"),
    "unknown": (_("查不到"), _("库里没有。请检查有没有输错；如果没有输错，不要采信。"), "warn"),
    "broken": (
        _("文件不完整"),
        _("文件被截断、损坏或者改写过，不能证明是真的。请使用原来的文件，或者扫描上面的码。"),
        "bad",
    ),
    "unsigned": (
        _("没有电子签名"),
        _("文件上只有图案，没有电子签名或电子印章，不能证明是真的。请使用原来的文件，或者扫描上面的码。"),
        "bad",
    ),
    "doubtful": (
        _("印章不可信"),
        _("盖章的不是颁发机关，或者印章、证书在盖章时不能使用。不要采信，请向颁发机关查询。"),
        "bad",
    ),
    "unsure": (_("不能确定"), _("有一步无法核对，见下面的说明。"), "warn"),
}

# Step → its name, and the sentence for passed, failed, and not looked at.
STEPS: dict[str, tuple[Any, Any, Any, Any]] = {
    "form": (_("读取核验码"), _("格式正确。"), _("不是核验码，或者不完整。"), ""),
    "city": (_("签发城市"), _("由本市签发。"), _("不是本市的签发密钥。"), ""),
    "signature": (_("签名"), _("签名有效，内容没有改动。"), _("签名与内容不符。"), ""),
    "key": (_("签发密钥"), _("签发时密钥在有效期内。"), _("签发时间不在密钥的有效期内。"), ""),
    "clock": (_("核验时间"), _("晚于签发时间。"), _("早于签发时间，这台设备的时间不对。"), ""),
    "status": (
        _("证照状态"),
        _("没有暂扣、注销、吊销、撤销或者换发。"),
        _("状态不正常。"),
        _("没有状态清单，不知道之后有没有变化。"),
    ),
    "period": (_("有效期"), _("今天在有效期内。"), _("今天不在有效期内。"), ""),
    "issuer": (_("盖章机关"), _("由颁发机关的印章盖章。"), _("盖章的不是证照上的颁发机关。"), ""),
    "register": (_("证照库"), _("证照库里有这份证照。"), _("证照库里没有这份证照。"), _("证照库暂时不能查询。")),
}

LABELS = (_("证照名称"), _("证照编号"), _("持证人"), _("颁发机关"), _("有效期自"), _("有效期至"))

DOUBTS: dict[str, Any] = {
    "no_list": _("没有状态清单：只能说明签发时是真的，不知道之后有没有暂扣、注销或者换发。联网后再核验一次。"),
    "stale_list": _("状态清单不是最新的：之后的变化不知道。联网后会自动更新。"),
}


def step_words(step: str, ok: bool | None) -> str:
    _name, passed, failed, open_ = STEPS[step]
    return str(passed if ok else open_ if ok is None else failed)


def for_scripts() -> dict[str, Any]:
    """The same words for the page that works without network."""
    return {
        "answers": {code: {"title": str(t), "text": str(w), "mark": mark} for code, (t, w, mark) in ANSWERS.items()},
        "steps": {code: [str(word) for word in words] for code, words in STEPS.items()},
        "doubts": {code: str(words) for code, words in DOUBTS.items()},
        "labels": [str(label) for label in LABELS],
        "forGood": str(_("长期")),
        "asOf": str(_("状态清单的时间")),
        "noCode": str(_("图片里没有找到二维码。请把码拍得大一些、清楚一些。")),
        "noCamera": str(_("不能使用摄像头。请选图片或者粘贴核验码。")),
        "stale": str(_("还没有取到公钥集。请联网打开一次这个页面。")),
        "passed": str(_("通过")),
        "failed": str(_("未通过")),
        "open": str(_("未核对")),
    }
