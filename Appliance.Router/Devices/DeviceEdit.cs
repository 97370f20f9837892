namespace Appliance.Router.Devices;

/// <summary>What somebody wants to change about a device; null stays as it is, and an empty etag asks for no check.</summary>
internal sealed record DeviceEdit(string Id, string Etag, string Creator, string Reason)
{
    public string? Name { get; init; }

    public DeviceState? State { get; init; }

    public DevicePolicy? Policy { get; init; }

    public IReadOnlyList<DayTimes>? AllowedTimes { get; init; }
}
