import DomainModel
import ItemDecoding

/// Any bytes are a list or an error, for each kind and for the queue.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzList(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    for asset in AssetType.allCases {
        for isQueued in [false, true] {
            // A refusal is a right answer; what is looked for is a trap.
            _ = try? ItemDecoder.decodeList(bytes, asset: asset, isQueued: isQueued)
        }
    }
    return 0
}
