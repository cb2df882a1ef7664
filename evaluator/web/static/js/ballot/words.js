/* Four words a member can remember, made on this device; used only where the council publishes ballots beside words. */

const list = (
  "ao bơ bưởi cam cau cá cò cọ cỏ củ dê diều dưa dừa đá đèn đê đò đồng đũa ếch gà gạo giấy gió giếng giường gỗ gương hạt " +
  "heo hoa hồ hổ kem kẹo khế khăn khoai kim kính lá lạc lan lê lúa lưới mai mây mèo mía mít mưa mực mũ na nai nấm nến ngô " +
  "ngựa nhà nho nón núi ong ổi ốc phao phấn phượng quạt quế quýt rau rùa rừng ruộng sao sách sen sim sóng sông suối sữa sương " +
  "tàu táo thảm thỏ thông thuyền tôm trà trăng tranh trâu tre trống trúc trứng tuyết tủ vải vạc vẹt ví võng vở vườn xe xoài " +
  "xôi yến ấm ấp én ô ốp bàn báo bát bèo bò bóng búa bút cầu cây chanh chày chim chó chợ chuối chuông chỉ"
).split(" ");

/* Return so many trackers; each word is drawn evenly (numbers past the last full run of the list are drawn again). */
export function someWords(count) {
  const even = Math.floor(65536 / list.length) * list.length;
  const draw = () => {
    let number = even;
    while (number >= even) [number] = crypto.getRandomValues(new Uint16Array(1));
    return list[number % list.length];
  };
  return Array.from({ length: count }, () => Array.from({ length: 4 }, draw).join(" "));
}
