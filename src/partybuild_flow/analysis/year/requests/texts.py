"""What residents write, put together from pieces; nobody is quoted."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

KINDS: Final = {"求助": 55, "投诉": 23, "举报": 2, "建议": 11.7, "咨询": 8, "表扬": 0.3}
"""Of a hundred requests."""


class Subject(NamedTuple):
    """Something that residents write about: what it is, what comes of it. `hazard` is how often it endangers somebody."""

    matter: str
    kinds: str
    told: tuple[str, ...]
    because: tuple[str, ...]
    hazard: float = 0.0


FLOOD: Final = Subject(
    "物业停车",
    "求助投诉",
    (
        "地下车库B2层靠近{place}的位置一下雨就积水，",
        "昨夜大雨，{place}的地下车库进水了，",
        "{place}车库坡道的截水沟堵了，雨水直往里灌，",
    ),
    (
        "车轮都泡了一半，物业说要等维修基金，",
        "水漫到配电间门口，大家都不敢走，",
        "排水泵一直没有启动，几辆车已经熄火，",
    ),
    hazard=0.25,
)
HEATING: Final = Subject(
    "便民服务",
    "求助投诉",
    (
        "{place}的集中供暖这两天一直不热，",
        "寒潮来了，{place}的暖气片只有一点点温，",
        "{place}水管冻住了，一早起来没有水，",
    ),
    ("家里老人和小孩都冻得睡不着，", "室温只有十二三度，", "打物业电话说在排队，"),
)
SUBJECTS: Final = (
    Subject(
        "楼道照明",
        "求助投诉",
        (
            "{place}楼道声控灯坏了{days}，",
            "{place}三楼到五楼的楼道灯不亮，",
            "{place}单元门口的路灯一闪一闪，",
        ),
        ("老人晚上下楼不安全，", "孩子上晚自习回来摸黑走，", "前天有人在台阶上绊了一跤，"),
        hazard=0.08,
    ),
    Subject(
        "邻里纠纷",
        "求助投诉",
        (
            "{place}楼上住户夜里十一点后还在跑步机上跑步，",
            "{place}隔壁把鞋柜和旧家具堆在公共走道，",
            "{place}楼下装修周末也不停，",
        ),
        ("已经沟通过两次没有效果，", "孩子正要中考，没法休息，", "好好说也不听，蛮头疼的，"),
    ),
    Subject(
        "环境卫生",
        "求助投诉建议表扬",
        (
            "{place}门口的垃圾桶{days}没有清运，",
            "{place}绿化带里堆了一堆装修垃圾，",
            "{place}旁边的排水口被树叶堵住，",
        ),
        ("气味蛮大的，", "占了半个人行道，推婴儿车要绕到马路上，", "苍蝇很多，窗户都不敢开，"),
    ),
    Subject(
        "便民服务",
        "求助建议咨询",
        (
            "快递柜挪到{place}窗户下面以后每天早上六点就“嘀嘀”响，",
            "家里母亲九十一岁行动不便，住{place}，",
            "{place}附近的助餐点中午十一点半就没有菜了，",
        ),
        ("想问问能不能上门办理，", "不知道该找哪个窗口，", "腿脚不便的老人赶不上，"),
    ),
    Subject(
        "物业停车",
        "投诉求助建议",
        (
            "{place}前面的充电桩排队太久，还有人充满了不走，",
            "{place}的固定车位被外来车辆占了{days}，",
            "{place}大门的道闸经常抬不起来，",
        ),
        ("早上出门堵成一串，", "物业说管不了，", "希望出个公约，大家照着办，"),
    ),
    Subject(
        "消防通道",
        "投诉举报求助",
        (
            "{place}东门消防通道长期被私家车占用，",
            "{place}楼道里有人给电瓶车飞线充电，",
            "{place}的安全出口被杂物封住，",
        ),
        ("上个月已经差点出事，", "晚上整条楼道都是焦味，", "救护车来了都开不进来，"),
        hazard=0.6,
    ),
    Subject(
        "劳动社保",
        "求助咨询",
        (
            "我在{place}住，单位三个月没有缴社保，",
            "家里老人住{place}，长护险评估怎么申请，",
            "{place}的灵活就业人员参保，",
        ),
        ("窗口说要单位出证明，", "网上填了几次都退回来，", "不知道需要带哪些材料，"),
    ),
    Subject(
        "规划建设",
        "建议求助咨询投诉",
        (
            "{place}外面那条路挖了又填、填了又挖，",
            "{place}北侧工地的围挡伸到人行道上，",
            "{place}对面的空地一直没有动工，",
        ),
        ("上学的孩子只能走机动车道，", "大风天围挡直晃，", "想知道规划做什么用，"),
        hazard=0.1,
    ),
)
WISHES: Final = {
    "求助": ("麻烦尽快来处理。", "请社区帮忙协调一下。", "麻烦派人来看看，谢谢。"),
    "投诉": ("请督促整改并给个答复。", "希望这次真的管一管。", "再不解决我们就一起去找街道了。"),
    "举报": ("请依法查处，不要透露我的信息。", "请相关部门查一查。"),
    "建议": ("建议放到红管议事会上讨论。", "建议做个长期的办法。", "供社区参考。"),
    "咨询": ("请问怎么办理？", "请问需要带哪些材料？", "麻烦告诉我找谁。"),
    "表扬": ("网格员冒雨清干净了，很快就好了，感谢！",),
}
_DAYS: Final = ("三天", "一个星期", "好几天", "快半个月")
_SLIPS: Final = (("麻烦", "麻凡"), ("尽快", "尽块"), ("已经", "己经"), ("处理", "处里"), ("楼道", "楼到"))
_CONTACTS: Final = (
    "我的电话是138****{tail}。",
    "现场照片在 https://photos.example/{tail}。",
    "加我微信 wx-{tail}。",
)
AGAIN: Final = "同一件事我上次已经反映过了，到现在还没有办好。"

REPLIES: Final = (
    "已到现场处理完毕，请您再看看，有问题随时联系我们。",
    "已协调物业整改到位，并安排专人每周巡查一次。",
    "已会同相关单位处置，现场已经恢复，感谢您的反映。",
    "经核实情况属实，已经办好，电话里也向您说明了经过。",
)
ANSWERS: Final = (
    "可以带身份证到社区一站式窗口办理，行动不便的可以预约上门。",
    "材料清单已经发给您，周一至周六都可以办理。",
    "该项业务已经可以在网上办理，办理步骤已经发给您。",
)
CONTACTS: Final = ("已电话联系，约定上门时间", "已上门了解情况", "已电话联系，说明办理打算")
RETURN_REASON: Final = "该处尚未移交，产权单位为开发企业，按职责清单第{clause}条不属于我单位管养范围，建议转有关部门明确责任主体。"
EXTENSION_REASON: Final = "因需采购同型号配件，供货周期约十个工作日，现申请延期，已电话告知诉求人并取得理解。"


def common_subject(random: Random, kind: str) -> Subject:
    """Something that requests of this kind are about."""
    return random.choice([each for each in SUBJECTS if kind in each.kinds])


def written(random: Random, told: str, because: str, place: str, kind: str, *, again: bool) -> str:
    """The text of a request; some are typed badly, some hold a telephone number or an address."""
    text = told.format(place=place, days=random.choice(_DAYS)) + because
    if kind == "表扬":
        text = told.format(place=place, days=_DAYS[0])
    text += random.choice(WISHES[kind])
    if again:
        text = AGAIN + text
    if random.random() < 0.1:
        text += random.choice(_CONTACTS).format(tail=f"{random.randrange(10_000):04d}")
    if random.random() < 0.03:
        right, wrong = random.choice(_SLIPS)
        text = text.replace(right, wrong, 1)
    return text
