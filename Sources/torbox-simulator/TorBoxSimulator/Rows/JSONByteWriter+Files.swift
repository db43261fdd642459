/// The nested parts of a row.
extension JSONByteWriter {
    mutating func magnet(_ hash: String) {
        raw("\"magnet:?xt=urn:btih:")
        raw(hash)
        raw("\"")
    }

    /// The files of a row, in equal shares of its size, with ids from 0 as TorBox counts them.
    mutating func files(of item: SimulatedItem) {
        raw("[")
        let share = item.fileCount > 0 ? item.size / item.fileCount : 0
        for index in 0..<max(item.fileCount, 0) {
            if index > 0 { raw(",") }
            let isLast = index == item.fileCount - 1
            file(index, of: item, size: isLast ? item.size - share * index : share)
        }
        raw("]")
    }

    private mutating func file(_ index: Int, of item: SimulatedItem, size: Int) {
        let short = item.fileCount == 1 ? item.name + ".mkv" : "part-\(index).mkv"
        let path = item.name + "/" + short
        raw("{\"id\":")
        int(index)
        raw(",\"md5\":null,\"hash\":")
        string(item.hash)
        raw(",\"name\":")
        string(path)
        raw(",\"size\":")
        int(size)
        raw(",\"zipped\":false,\"s3_path\":")
        string(item.hash + "/" + path)
        raw(",\"infected\":false,\"mimetype\":\"video/x-matroska\",\"short_name\":")
        string(short)
        raw(",\"absolute_path\":")
        string("/downloads/" + item.hash + "/" + path)
        raw(",\"opensubtitles_hash\":null}")
    }
}
