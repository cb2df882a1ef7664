"""The measures of Decree 30/2020, Appendix I (domain.md 4.1), for every writer. Lengths in mm, type in points."""

FACE = "Times New Roman"
PAGE = (210, 297)
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 20}  # decree: 20-25, 20-25, 30-35, 15-20
TEXT_WIDTH = 160

LEFT_BLOCK = 68  # parent and issuer, number
RIGHT_BLOCK = 92  # national title and motto, place and date
NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NATIONAL_TITLE_SIZE = 12
MOTTO_SIZE = 13
MOTTO_LINE = 53.1  # the line below the motto is as long as the motto: 11.58 em of Times bold at 13 pt
ISSUER_SIZE = 12
ISSUER_LINE = 24  # a third to a half of the issuer's line
NUMBER_SIZE = 13
KIND_SIZE = 14
KIND_LINE = 30
BODY_SIZE = 13
TABLE_SIZE = 12
SIGNED_ROW = 11  # mm, the least height of a row somebody signs in
INDENT = 10
ADDRESS_INDENT = 35  # where "Kính gửi:" and its list stand
PARAGRAPH_SPACE = 6  # points before each paragraph; the decree's least
LINE_SPACING = 1.15
RECIPIENTS_HEAD_SIZE = 12
RECIPIENTS_SIZE = 11
PAGE_NUMBER_SIZE = 13
SIGNATURE_SPACE = 24  # mm for the signature and a third of the seal
