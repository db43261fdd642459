extension FaultKind {
    /// The word for this fault in the call log and over HTTP.
    package var name: String {
        switch self {
        case .status: "status"
        case .rateLimited: "rateLimited"
        case .edgeRateLimited: "edgeRateLimited"
        case .successFalse: "successFalse"
        case .notFoundButSuccess: "notFoundButSuccess"
        case .authError: "authError"
        case .badToken: "badToken"
        case .raw: "raw"
        case .missingData: "missingData"
        case .nullData: "nullData"
        case .wrongTypes: "wrongTypes"
        case .emptyList: "emptyList"
        case .halfList: "halfList"
        case .vanished: "vanished"
        case .shiftedPages: "shiftedPages"
        case .duplicateIDs: "duplicateIDs"
        case .withoutIDs: "withoutIDs"
        case .unknownState: "unknownState"
        case .delay: "delay"
        case .hang: "hang"
        case .cutBody: "cutBody"
        case .answerLost: "answerLost"
        case .statusAfterEffect: "statusAfterEffect"
        case .retryAfterOnSuccess: "retryAfterOnSuccess"
        case .effectDelayed: "effectDelayed"
        case .effectDropped: "effectDropped"
        }
    }
}
