/// A byte counter that only rises, made of stretches of constant speed.
///
/// Between two moments of one stretch the difference of the counter divided by the time is the reported speed, so a
/// client that averages speeds can be checked to the byte.
struct ByteTrack: Sendable, Equatable {
    /// One stretch: whole seconds at a whole number of bytes a second.
    struct Stretch: Sendable, Equatable {
        var seconds: Int
        var speed: Int
    }

    /// Unix second at which the counter starts.
    var start: Int
    var stretches: [Stretch]

    /// The second after the last byte.
    var end: Int { stretches.reduce(start) { $0 + $1.seconds } }

    /// All bytes of the track.
    var total: Int { stretches.reduce(0) { $0 + $1.seconds * $1.speed } }

    /// The counter and the speed at a Unix second; speed 0 outside the track.
    func reading(at second: Int) -> (bytes: Int, speed: Int) {
        var begin = start
        var bytes = 0
        guard second >= start else { return (0, 0) }
        for stretch in stretches {
            if second < begin + stretch.seconds {
                return (bytes + (second - begin) * stretch.speed, stretch.speed)
            }
            begin += stretch.seconds
            bytes += stretch.seconds * stretch.speed
        }
        return (bytes, 0)
    }
}
