"""Names of people and organisations that do not exist, put together from syllables."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

CATEGORIES: Final = ("机关事业", "国企", "街道社区", "两新")

COMMITTEES: Final = (
    ("湖景街道", "街道社区"),
    ("芯湾产业园", "两新"),
    ("园区机关", "机关事业"),
    ("澜屿建设集团", "国企"),
    ("桂香街道", "街道社区"),
    ("云屿商务区", "两新"),
    ("翠薇街道", "街道社区"),
    ("园区学校", "机关事业"),
    ("星谷科创集团", "国企"),
    ("百川生物园", "两新"),
    ("听雨街道", "街道社区"),
    ("园区医疗", "机关事业"),
    ("青禾公用集团", "国企"),
    ("新芽双创园", "两新"),
    ("琴川外街道", "街道社区"),
    ("园区窗口单位", "机关事业"),
    ("湖屿文旅集团", "国企"),
    ("律动服务业园", "两新"),
    ("飞屿合作区", "街道社区"),
)
"""Direct committees, each with the category that most of its organisations are of."""

BRANDS: Final = ("链上先锋", "红芯领航", "邻里红管加", "先锋码头", "律动同行", "楼道有约")

_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
)
_FIRST: Final = "望听知微怀景若清疏拾临初听晚折向溯溪引照枕载映含"
_SECOND: Final = "舒澜渔岚瑾行谷屿樵蘅野川汀棠苇砚笺霁蓁芜橹筠泊岑"
_PLACES: Final = "湖星云桂翠琴澜芯禾屿雨柳枫桥塘港湾溪浦汀"
_TRADES: Final = "景辉泽川林源帆驰舟峰谷洲岸原野麓茗石泉岭"
_KINDS: Final = {
    "机关事业": ("处党支部", "中心党支部", "服务站党支部", "学校党支部"),
    "国企": ("公司党支部", "项目部党支部", "分公司党支部"),
    "街道社区": ("社区党支部", "社区第一党支部", "社区第二党支部", "小区党支部"),
    "两新": ("科技党支部", "生物党支部", "软件党支部", "联合党支部"),
}


def people(random: Random) -> Iterator[str]:
    """Names of people without end, none twice; nobody is meant."""
    surnames, first, second = _SURNAMES, "".join(dict.fromkeys(_FIRST)), _SECOND
    known: set[str] = set()
    number = 0
    while True:
        name = random.choice(surnames) + random.choice(first) + random.choice(second)
        if name in known:
            number += 1
            name = f"{name}{number}"
        known.add(name)
        yield name


class OrganisationNames:
    """Gives names of organisations, none twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._known: set[str] = set()
        self._number = 0

    def next(self, category: str) -> str:
        """The name of another organisation of this category."""
        random = self._random
        stem = random.choice(_PLACES) + random.choice(_TRADES)
        kind = random.choice(_KINDS[category])
        name = stem + kind
        if name in self._known:
            self._number += 1
            name = f"{stem}{self._number}号{kind}"
        self._known.add(name)
        return name
