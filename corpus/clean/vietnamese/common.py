"""Syllables with marks that every longer Vietnamese text holds: about half of all that have marks."""

from __future__ import annotations

COMMON = frozenset(
    word
    for word in (
        "và của là có được cho không người các một những đã với để khi này đến từ về trên theo năm nước nhà thành phố "
        "tỉnh huyện xã dân việc ngày tháng giờ đầu hàng đồng triệu tỷ tỉ mới lớn nhỏ nhiều ít phải trước lại còn nên "
        "thì mà nếu vì như thế đó đây đấy kia gì nào ở ra vào lên xuống tới sẽ đang cũng vẫn rất nhất hơn bằng chỉ "
        "tại bị do bởi qua giữa giới thế việt chính phủ bộ sở công ty nghệ thông tư đầu sản xuất kinh tế phát triển "
        "xây dựng đường số quốc hội học sinh trường giáo dục đại thầy cô bệnh viện sĩ bác y trẻ em gái chị bà mẹ bố "
        "chồng vợ tôi tớ ấy họ hắn nó mình chúng ta bạn đi làm nói biết thấy nghĩ hiểu muốn cần thể điều vấn đề quyền "
        "lợi luật pháp lý quản tổ chức cộng hòa hoà độc lập tự hạnh phúc nhân cuộc sống đời tình yêu thương lòng trí "
        "sự kiện lịch sử văn hóa hoá nghĩa chủ dự án kế hoạch hoạt động hiện kết quả đạt giá trị tiền mức trung bình "
        "thị chợ bán mua nông nghiệp doanh khách du lịch đất biển sông núi trời mưa nắng gió sáng chiều tối đêm hôm "
        "nay mai sau cùng giúp đỡ gặp gọi đưa nhận lấy bắt mở đóng cửa viết đọc sách báo tiếng chữ câu chuyện thơ bài "
        "hát nhạc phim đẹp tốt xấu khó dễ nhanh chậm cao thấp dài ngắn sâu rộng đủ thiếu hết mất tìm giữ bảo vệ "
        "quân đội chiến tranh hòa đảng cách mạng ủy uỷ ban nhiệm tịch tổng thống tướng bí thư lãnh đạo cán viên chức "
        "tập đoàn ngân tín dụng thuế chứng khoán cổ phiếu nghìn ngàn vạn trăm mươi mười bảy tám chín sáu bốn hai "
        "lần thứ đôi cặp mỗi mọi từng riêng chung cả toàn khác giống đúng thật đâu sao bao lâu nữa ngay liền rồi "
        "chưa đừng hãy xin cảm ơn chào vui buồn khổ đau chết sợ giận mặt mắt tay chân đầu tóc miệng máu nước lửa gỗ "
        "điện thoại máy tính mạng xe tàu cầu cảng sân bóng đá trận đấu thắng giải vàng bạc đỏ trắng xanh tím"
    ).split()
    if not word.isascii()
)
"""In lower case and NFC; both styles of tone placement."""
