/// Sizes as administrators read them.
enum SizeText {
    /// `"1.23 MB"`; nil for nothing, as stock has it.
    static func megabytes(_ bytes: Int64) -> String? {
        bytes > 0 ? "\(twoDecimals(bytes, per: 1 << 20)) MB" : nil
    }

    /// `"512 B"`, `"1.50 KB"`, `"3.00 MB"`: for upload quotas.
    static func scaled(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1_024: "\(max(0, bytes)) B"
        case ..<(1 << 20): "\(twoDecimals(bytes, per: 1_024)) KB"
        default: "\(twoDecimals(bytes, per: 1 << 20)) MB"
        }
    }

    /// `"88.00%"`; of nothing `"0.00%"`.
    static func percent(_ part: Int64, of whole: Int64) -> String {
        whole > 0 ? "\(twoDecimals(part * 100, per: whole))%" : "0.00%"
    }

    /// Rounded to the nearest hundredth.
    private static func twoDecimals(_ number: Int64, per unit: Int64) -> String {
        let (product, overflow) = number.multipliedReportingOverflow(by: 100)
        let hundredths = overflow ? number / unit * 100 : (product + unit / 2) / unit
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
