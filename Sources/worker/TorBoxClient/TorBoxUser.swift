package import DomainModel

/// What we keep of `user/me`. Never asked with `settings=true`, which returns passwords for other services.
package struct TorBoxUser: Sendable, Equatable {
    package var id: Int64?
    /// 0 Free, 1 Essential, 2 Pro, 3 Standard: the number is no rank.
    package var plan: Int64?
    package var email: String?
    package var isSubscribed: Bool?
    package var premiumExpiresAt: Timestamp?
    /// A moment in the past means none.
    package var cooldownUntil: Timestamp?
    package var additionalConcurrentSlots: Int64?
}

extension TorBoxUser {
    init(_ answer: HTTPAnswer) throws(TorBoxError) {
        guard let envelope = Envelope(answer.body) else {
            throw TorBoxError(.malformed, "the answer is no JSON object", status: answer.status)
        }
        if envelope.success == false, envelope.errorCode != nil {
            throw AnswerReading.refusal(
                errorCode: envelope.errorCode, detail: envelope.detail, status: answer.status)
        }
        guard envelope.success == true else {
            throw .incomplete(.notSuccessful, "the answer does not say success", status: answer.status)
        }
        guard let data = envelope.data, data.objectValue != nil else {
            throw .incomplete(.noData, "an account was due, but data is something else", status: answer.status)
        }
        id = data["id"]?.integerValue
        plan = data["plan"]?.integerValue
        email = data["email"]?.stringValue
        isSubscribed = data["is_subscribed"]?.boolValue
        premiumExpiresAt = Self.date(data["premium_expires_at"])
        cooldownUntil = Self.date(data["cooldown_until"])
        additionalConcurrentSlots = data["additional_concurrent_slots"]?.integerValue
    }

    private static func date(_ value: JSONValue?) -> Timestamp? {
        value?.stringValue.flatMap { Timestamp(storedText: $0) }
    }
}
