# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
"""The words and tables the story is mixed from. Pure data; every person and place is invented."""

YEAR = 2016

SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏"
            "卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段")
GIVEN_FIRST = "建国志文秀玉桂春海红丽小晓永德家金明正立新光永世宝庆云凤兰美淑惠雅思子雨梓振华东"
GIVEN_MALE = "华军强平伟明刚林波辉勇斌峰涛生民福祥成才山根良贵松柏"
GIVEN_FEMALE = "英兰珍芳梅娟霞萍玲燕琴莲秀云凤清香珠菊蓉洁琳娥"

# No province has the code 99, so neither these orgs nor the ID numbers can be anybody's.
AREA = "990101"
DISTRICT = (AREA + "000000", "示范区")
STREET = (AREA + "001000", "明湖街道")
COMMUNITIES = ("锦绣", "春晖", "东湖", "和平", "长青", "文昌", "福康", "桥头", "南苑", "新华")
# Community (from 0) -> its estate, which is one of its grids.
ESTATES = {1: "阳光花园小区", 4: "翠竹苑小区", 8: "金桂小区"}

# class, name, public
CLASSES = (
    (1, "党员", "yes"),
    (2, "居民", "yes"),
    (3, "困难党员", "no"),
    (4, "低保", "no"),
    (5, "在职党员", "yes"),
    (6, "离退休党员", "yes"),
)
PARTY, RESIDENT, HARDSHIP, ALLOWANCE, EMPLOYED, RETIRED = 1, 2, 3, 4, 5, 6

# category, name, points_per_hour, coefficient, rounding_minutes, expires, day_minutes_max, from
TARIFFS = (
    (1, "家政", "10.00", "1", 30, "year-end+1", 480, "2016-01-01"),
    (1, "家政", "11.00", "1.1", 30, "year-end+1", 480, "2016-07-01"),
    (2, "培训", "12.00", "1.2", 30, "years:3", 480, "2016-01-01"),
    (3, "咨询", "8.00", "1", 15, "year-end+0", 480, "2016-01-01"),
    (4, "科普", "8.00", "1.25", 30, "year-end+1", 480, "2016-01-01"),
    (5, "维修", "12.50", "1.5", 10, "never", 480, "2016-01-01"),
    (6, "纠纷调解", "9.99", "1.333", 1, "years:2", 480, "2016-04-01"),
    (7, "巡逻", "6.00", "1", 60, "year-end+0", 600, "2016-01-01"),
    (7, "巡逻", "7.50", "1", 30, "year-end+0", 600, "2016-07-01"),
)
CATEGORY_NAMES = {row[0]: row[1] for row in TARIFFS}
MEDIATION, PATROL = 6, 7
MEDIATION_FROM_MONTH = 4
# What every tariff above allows in a day: who stays below it fits whatever the order of entry.
DAY_MINUTES_SAFE = 480
# How often each kind of activity is held.
CATEGORY_WEIGHTS = {1: 6, 2: 3, 3: 4, 4: 4, 5: 3, 6: 2, 7: 5}

PLACES = {
    1: ("独居老人家", "军属家", "3号楼", "7号楼", "日间照料站"),
    2: ("党群中心", "活动室", "电脑室"),
    3: ("党群中心", "广场", "法律服务点"),
    4: ("广场", "活动室", "小学", "宣传栏"),
    5: ("便民点", "1号楼", "5号楼", "车棚"),
    6: ("调解室", "物业办", "居委会"),
    7: ("东门", "北门", "菜场", "河边"),
}
LENGTHS_MINUTES = (60, 90, 90, 120, 120, 120, 150, 180, 180, 240)
STARTS = ("08:00", "08:30", "09:00", "09:30", "13:30", "14:00", "14:30", "15:00", "18:30", "19:00")
NIGHT_START, NIGHT_MINUTES = "22:30", 180

# item, kind, name, unit, price, from; the barcode is made from the item's number
ITEMS = (
    (101, "goods", "大米", "袋(5kg)", "60.00", "2016-01-01"),
    (101, "goods", "大米", "袋(5kg)", "65.00", "2016-10-01"),
    (102, "goods", "食用油", "桶(5L)", "90.00", "2016-01-01"),
    (103, "goods", "食盐", "包", "5.00", "2016-01-01"),
    (104, "goods", "面粉", "袋(2.5kg)", "32.50", "2016-01-01"),
    (105, "goods", "洗衣液", "瓶", "35.00", "2016-01-01"),
    (106, "goods", "毛巾", "条", "12.00", "2016-01-01"),
    (107, "goods", "牙膏", "支", "9.50", "2016-01-01"),
    (108, "goods", "卷纸", "提", "25.00", "2016-01-01"),
    (109, "goods", "牛奶", "箱", "55.00", "2016-05-01"),
    (201, "service", "家政服务", "小时", "15.00", "2016-01-01"),
    (202, "service", "水电维修", "次", "25.00", "2016-01-01"),
    (203, "service", "电脑培训", "课", "10.00", "2016-01-01"),
    (204, "service", "法律咨询", "次", "12.00", "2016-01-01"),
)
RICE, OIL, SALT, MILK = 101, 102, 103, 109
MILK_FROM_MONTH = 5
STAPLES = (RICE, OIL, SALT)
# Goods -> how often asked for, units delivered to a counter in a month (about), days they keep.
GOODS = {
    101: (8, 13, 365),
    102: (7, 11, 540),
    103: (6, 16, 0),
    104: (4, 7, 270),
    105: (3, 6, 1080),
    106: (3, 6, 0),
    107: (3, 6, 1080),
    108: (4, 7, 0),
    109: (4, 6, 150),
}
# Service -> the category in which its giver is recorded.
SERVICES = {201: 1, 202: 5, 203: 2, 204: 3}

# counter, community (from 0; None: the street itself), name
COUNTERS = (
    (1, None, "明湖街道爱心超市"),
    (2, 2, "东湖兑换点"),
    (3, 5, "文昌兑换点"),
    (4, 8, "南苑兑换点"),
)
DONORS = ("和顺粮油行", "邻里便利店", "街道工会", "明湖商会", "居民捐赠", "爱心企业联合会")
UNDO_REASONS = ("数量输错", "商品拿错", "本人改了主意", "刷错了卡", "重复登记")
