/// `{"advanceSeconds":3600}` or `{"speed":60}`.
struct ClockRequest: Decodable {
    var advanceSeconds: Int?
    var speed: Double?
}
