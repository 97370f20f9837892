namespace Appliance.Bmc.NodeFiles;

/// <summary>What the beginning of an image shows: what was looked for, that more of it is needed, or why it cannot be there.</summary>
/// <param name="Value">Set when it was found.</param>
/// <param name="Needed">Bytes from the image's beginning that have to be seen; 0 when there are enough.</param>
/// <param name="Fault">Empty unless it cannot be found however much is seen.</param>
internal readonly record struct Look<T>(T? Value, long Needed, string Fault)
    where T : class
{
    public static Look<T> Found(T value) => new(value, 0, "");

    public static Look<T> More(long bytes) => new(null, bytes, "");

    public static Look<T> Not(string fault) => new(null, 0, fault);

    /// <summary>The same need or fault, where something else was looked for.</summary>
    public Look<TOther> As<TOther>()
        where TOther : class => new(null, Needed, Fault);
}
