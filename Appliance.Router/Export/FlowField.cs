namespace Appliance.Router.Export;

/// <summary>An information element of a template, and how its value is had from a flow.</summary>
internal sealed record FlowField(ushort Element, ushort Length, FlowFieldWriter Write)
{
    /// <summary>Stands for the length of a value that says its own (RFC 7011, 7).</summary>
    public const ushort Variable = 65_535;

    /// <summary>The reverse direction of a biflow (RFC 5103, 6.1).</summary>
    public const uint ReverseEnterprise = 29_305;

    public bool IsReverse { get; init; }
}
