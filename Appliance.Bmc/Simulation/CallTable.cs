namespace Appliance.Bmc.Simulation;

/// <summary>Which call answers which `opt` and `type`, as far as the profile knows them.</summary>
internal sealed class CallTable(BoardProfile profile)
{
    private readonly Dictionary<string, BoardCallHandler> _reads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BoardCallHandler> _writes = new(StringComparer.Ordinal);

    /// <summary>Types that have a handler, whether the profile knows them or not.</summary>
    public IEnumerable<string> Readable => _reads.Keys;

    public IEnumerable<string> Writable => _writes.Keys;

    public void OnGet(string type, Func<BoardQuery, BoardAnswer> handler) =>
        _reads[type] = (query, _) => ValueTask.FromResult(handler(query));

    public void OnSet(string type, Func<BoardQuery, BoardAnswer> handler) =>
        _writes[type] = (query, _) => ValueTask.FromResult(handler(query));

    public void OnSet(string type, BoardCallHandler handler) => _writes[type] = handler;

    public ValueTask<BoardAnswer> AnswerAsync(BoardQuery query, CancellationToken token)
    {
        if (query["opt"] is not ("get" or "set"))
        {
            return Refuse("Missing `opt` parameter");
        }

        if (query["type"] is not { } type)
        {
            return Refuse("Missing `type` parameter");
        }

        var (known, handlers) = query["opt"] == "set" ? (profile.Writable, _writes) : (profile.Readable, _reads);
        return known.Contains(type) && handlers.TryGetValue(type, out var handler)
            ? handler(query, token)
            : Refuse($"Invalid `type` parameter {type}");
    }

    private static ValueTask<BoardAnswer> Refuse(string text) => ValueTask.FromResult(BoardAnswer.BadRequest(text));
}
