"""The project's word lists: what must call a person, and what looks like it and must not."""

import pytest

from handoff_rules.reading import read_rules

RULES = read_rules()

CALLS = {
    "safety": [
        "My plug is smoking!!",
        "there's a burning smell coming from the hub",
        "the charger smells burnt",
        "I got an electric shock from the plug",
        "the camera battery is swollen",
        "the battery of my cam leaked all over the shelf",
        "your plug sparks when I put it in",
        "HELP the adapter caught fire",
        "my son burned his hand, he is injured",
        "插座冒烟了",
        "中枢有一股烧焦的味道",
        "摄像头漏电，我被电了一下",
        "电池鼓包了怎么办",
        "插座冒煙了，怎麼辦",
        "攝影機的電池膨脹了",
        "我摸到中樞就被電到",
        "розетка искрит",
        "от хаба пахнет гарью",
        "Камера дымится!",
        "меня ударило током от розетки",
        "у датчика вздулась батарейка",
        "у меня в розетке пожар",
        "플러그에서 연기가 나요",
        "허브에서 타는 냄새가 나요",
        "배터리가 부풀어 올랐어요",
        "플러그 만지다가 감전됐어요",
        "hub에서 연기가 나고 있어요 smoke",
    ],
    "security": [
        "my account was hacked",
        "I think I've been hacked",
        "someone logged in to my account from Brazil",
        "somebody is watching me through my camera, someone got into it",
        "there's a suspicious login, it wasn't me",
        "my hub was stolen",
        "my password has been stolen",
        "我的账号被盗了",
        "有人登录了我的账号",
        "显示异地登录，不是我登录的",
        "我的摄像头被黑了",
        "我的帳號被盜用了",
        "有人登入我的帳號",
        "攝影機被駭了",
        "меня взломали",
        "кто-то зашёл в мой аккаунт",
        "у меня украли камеру",
        "в журнале подозрительный вход",
        "계정이 해킹당했어요",
        "누가 제 계정에 로그인했어요",
        "허브를 도난당했어요",
        "모르는 사람이 제 카메라에 접속했어요",
    ],
    "legal": [
        "you will hear from my lawyer",
        "I will sue you",
        "I'm taking you to court",
        "I am filing a GDPR complaint",
        "this is a breach of contract",
        "my solicitor will be in touch",
        "我要起诉你们",
        "等着收律师函吧",
        "我会走法律途径",
        "我已经投诉到消费者协会了",
        "我要提告",
        "我會寄存證信函給你們",
        "我要去找消保官",
        "я подам на вас в суд",
        "завтра же подам в суд",
        "мой юрист с вами свяжется",
        "напишу в Роспотребнадзор",
        "готовлю досудебную претензию",
        "변호사와 상담하겠습니다",
        "소송을 걸겠습니다",
        "소비자원에 신고할 거예요",
        "법적 조치를 취하겠습니다",
    ],
    "payment_dispute": [
        "why was I charged twice?",
        "you double charged my card",
        "I'm going to file a chargeback",
        "I want to dispute this charge",
        "there is an unauthorized payment on my card",
        "I never authorised this",
        "为什么扣了我两次钱",
        "我被重复扣款了",
        "我的卡被盗刷了",
        "為什麼刷了兩次",
        "我被重複扣款了",
        "我的卡被盜刷",
        "почему с меня списали деньги дважды?",
        "деньги сняли без моего ведома",
        "хочу оспорить платёж",
        "두 번 결제됐어요",
        "이중 결제가 됐습니다",
        "제가 하지 않은 결제가 있어요",
    ],
    "displeasure": [
        "fuck you and your hub",
        "you are all scammers",
        "this is fucking ridiculous",
        "你们就是骗子",
        "你們根本是騙子",
        "вы мошенники",
        "да пошли вы",
        "당신들 사기꾼이네요",
        "지금 장난하세요?",
    ],
}
QUIET = [
    # danger
    "does the camera work with Amazon Fire TV?",
    "show the camera on Fire TV",
    "can I connect a smoke detector to the hub?",
    "Does Havelo Sense detect smoke?",
    "how do I start the hub in safe mode",
    "is it safe to leave the plug outdoors",
    "I was shocked at the price",
    "the hub is a bit warm, is that normal?",
    "the notifications blow up my phone",
    "the light is red and blinking",
    "how long does the battery last",
    "烟雾报警器可以连接吗",
    "怎么进入安全模式",
    "安全码在哪里",
    "我一起火速下单了两个",
    "煙霧警報器可以連接嗎",
    "安全設定在哪裡",
    "загорелась красная лампочка",
    "индикатор горит красным",
    "Работает ли камера с Amazon Fire TV?",
    "можно подключить датчик дыма?",
    "в течение дня батарея разряжается",
    "배송이 연기됐어요",
    "카메라 불이 나갔어요",
    "화상 통화가 되나요?",
    "새 배터리는 어디서 사나요?",
    "연기 감지기도 연결할 수 있나요?",
    "빨간 불이 들어왔어요",
    # somebody else
    "how do I buy a security camera",
    "can the camera be hacked?",
    "how do you protect my account from being hacked",
    "where are the security settings",
    "how can I let someone else use my account",
    "who has access to the recordings?",
    "how many people can share a home",
    "摄像头会不会被黑",
    "怎么开启两步验证",
    "安全设置在哪里",
    "我想邀请别人一起使用",
    "攝影機會不會被駭",
    "как защитить камеру от взлома",
    "как дать доступ другому человеку",
    "можно ли взломать камеру",
    "카메라가 해킹될 수 있나요?",
    "가족을 초대하고 싶어요",
    "다른 사람도 로그인할 수 있나요?",
    "누가 로그인했는지 볼 수 있나요?",
    # law
    "I am not going to sue you, I just want my money back",
    "is it legal to record visitors with the camera?",
    "I'm a lawyer and want a camera for my office",
    "where are your terms and the legal notice",
    "how do I ask for my data under GDPR",
    "can the camera see the tennis court",
    "the issue is with the hub",
    "在门口装摄像头合法吗",
    "法律允许录音吗",
    "我告诉你们客服了",
    "裝攝影機合法嗎",
    "законно ли снимать гостей",
    "судя по статье, нужно перезагрузить хаб",
    "я не собираюсь подавать в суд, просто верните деньги",
    "я не подам на вас в суд, просто верните деньги",
    "녹화가 합법인가요?",
    "소송할 생각은 없어요, 환불만 해 주세요",
    # money
    "how much am I charged per month",
    "will I be charged twice if I upgrade?",
    "I paid twice as much for the old hub as my neighbour did in the sale, fine",
    "I restarted it twice",
    "my battery was charged twice this week",
    "how do I change my payment method",
    "怎么更换付款方式",
    "升级套餐会不会重复扣费",
    "如何取消自動扣款",
    "как сменить способ оплаты",
    "я дважды перезагрузил хаб",
    "когда списывается оплата",
    "결제 수단을 바꾸고 싶어요",
    "두 번 재시작했어요",
    # temper
    "the fucking hub keeps rebooting",
    "this doesn't help",
    "我妈的手机连不上",
    "我媽的手機連不上",
    "页面滚动很慢",
    "достали из коробки хаб, что дальше",
    "기기가 열받아요",
    "시발점이 어디인가요",
    "허브가 자꾸 꺼져요",
    "카메라 불이 꺼져 있어요",
    "플러그가 저절로 꺼져버려요",
]


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in CALLS.items() for text in texts]
)
def test_these_words_call_a_person(reason, text):
    assert RULES.said(text) == reason


@pytest.mark.parametrize("text", QUIET)
def test_these_words_call_nobody(text):
    assert RULES.said(text) is None


@pytest.mark.parametrize(
    "text", ["MY ACCOUNT WAS ＨＡＣＫＥＤ", "my account\nwas hacked", "взломали"]
)
def test_case_width_and_line_breaks_do_not_matter(text):
    assert RULES.said(text) == "security"


def test_a_phrase_that_does_not_count_leaves_the_rest_of_the_message():
    assert RULES.said("it runs on Fire TV and now my plug is smoking") == "safety"


def test_danger_comes_before_everything_else():
    assert (
        RULES.said("I'll call my lawyer, you charged me twice and the hub is on fire") == "safety"
    )
