/// All routes that workers serve.
enum RouteTable {
    static let all: [Route] = KeyRoutes.all + RuleRoutes.all + ArchiveRoutes.all + TagRoutes.all + UploadRoutes.all
}
