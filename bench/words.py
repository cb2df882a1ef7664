"""Names and sentences that mean nothing, in Vietnamese syllables."""

import random

FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
MIDDLE = "Văn Thị Đức Minh Thanh Ngọc Hữu Quang Thu Xuân".split()
GIVEN = "An Bình Chi Dũng Đạt Giang Hà Hạnh Hùng Hương Khánh Lan Linh Long Mai Nam Nga Oanh Phúc Quân Sơn Tâm Trang Yến".split()
WORDS = (
    "giải pháp cải tiến quy trình thu gom rác thải nông thôn mô hình tưới tiết kiệm nước vườn ươm cây giống kỹ thuật "
    "chăn nuôi an toàn phần mềm quản lý hồ sơ học sinh bữa ăn bán trú sức khỏe người cao tuổi tuyên truyền vận động "
    "nhân dân xây dựng nông thôn mới cảnh báo sạt lở đèn năng lượng mặt trời đường quê tổ hòa giải quỹ khuyến học thư "
    "viện lưu động sản xuất vật liệu không nung giảm chi phí điện năng nâng cao chất lượng dạy và học phòng cháy"
).split()


def name(chance: random.Random) -> str:
    """Return the name of nobody."""
    return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"


def sentence(chance: random.Random, length: int) -> str:
    """Return so many syllables."""
    return " ".join(chance.choices(WORDS, k=length))
