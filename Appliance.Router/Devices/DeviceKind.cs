namespace Appliance.Router.Devices;

/// <summary>What a device seems to be, such as "camera", and what speaks for it.</summary>
public sealed record DeviceKind(string Word, IReadOnlyList<string> Reasons)
{
    /// <summary>Nothing speaks for anything.</summary>
    public static DeviceKind Unknown { get; } = new("", []);
}
