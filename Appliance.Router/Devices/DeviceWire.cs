using System.Buffers.Binary;
using Appliance.Hosting.Errors;
using Appliance.Router.Decoding;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = Appliance.Protos.Devices.V1;

namespace Appliance.Router.Devices;

/// <summary>Between the domain's types and those of <c>appliance.devices.v1</c>.</summary>
internal static class DeviceWire
{
    private const string NamePath = "name";
    private const string StatePath = "state";
    private const string PolicyPath = "policy";
    private const string TimesPath = "allowed_times";
    private static readonly string[] DefaultPaths = [NamePath, StatePath, PolicyPath];
    private static readonly string[] Paths = [.. DefaultPaths, TimesPath];

    public static Wire.Device ToWire(Device device) => new()
    {
        Id = device.Id,
        Etag = device.Etag,
        Name = device.Name,
        Mac = ToBytes(device.Mac),
        RandomizedMac = device.Mac.IsLocal,
        Addresses = { device.Addresses.OrderByDescending(address => address.FirstSeen).Select(address => ToBytes(address.Address)) },
        HostNames = { device.Traits.Where(trait => trait.IsName).Select(trait => trait.Text).Distinct() },
        Vendor = device.Vendor,
        Kind = device.Kind.Word,
        KindReasons = { device.Kind.Reasons },
        // State and policy have the numbers of the contract.
        State = (Wire.Device.Types.State)device.State,
        Policy = (Wire.Device.Types.Policy)device.Policy,
        FirstSeenTime = Timestamp.FromDateTimeOffset(device.FirstSeen),
        LastSeenTime = Timestamp.FromDateTimeOffset(device.LastSeen),
        AllowedTimes = { device.AllowedTimes.Select(times => new Wire.TimeRange { Weekdays = { times.DayNumbers }, Start = times.StartText, End = times.EndText }) },
    };

    public static Wire.WatchDevicesResponse ToWire(DeviceChange change, string epoch)
    {
        var response = new Wire.WatchDevicesResponse { Cursor = ToCursor(epoch, change.Sequence) };
        if (change.Device is null)
        {
            response.DeletedDeviceId = change.Id;
        }
        else
        {
            response.Device = ToWire(change.Device);
        }

        return response;
    }

    public static Wire.WatchDevicesResponse ToMarker(DeviceWatch watch, string epoch) =>
        new() { SnapshotEnd = new Wire.SnapshotEnd(), Resumed = watch.IsResumed, Cursor = ToCursor(epoch, watch.Sequence) };

    public static DeviceEdit ToEdit(Wire.UpdateDeviceRequest request, string creator)
    {
        var device = request.Device ?? throw new InvalidInputException("device", "is not set; give its id and what to change");
        var wanted = request.UpdateMask is { Paths.Count: > 0 } mask ? mask.Paths.ToHashSet(StringComparer.Ordinal) : [.. DefaultPaths];
        if (wanted.FirstOrDefault(path => !Paths.Contains(path)) is { } unknown)
        {
            throw new InvalidInputException("update_mask", $"names '{unknown}'; {string.Join(", ", Paths)} can be changed");
        }

        return new DeviceEdit(device.Id, device.Etag, creator, request.Reason)
        {
            Name = wanted.Contains(NamePath) ? device.Name : null,
            State = wanted.Contains(StatePath) ? ToState(device.State) : null,
            Policy = wanted.Contains(PolicyPath) ? ToPolicy(device.Policy) : null,
            AllowedTimes = wanted.Contains(TimesPath) ? [.. device.AllowedTimes.Select(ToTimes)] : null,
        };
    }

    private static DeviceState ToState(Wire.Device.Types.State state) => state is > Wire.Device.Types.State.Unspecified and <= Wire.Device.Types.State.Blocked
        ? (DeviceState)state
        : throw new InvalidInputException("device.state", $"is {state}; give STATE_NEW, STATE_APPROVED, STATE_QUARANTINED or STATE_BLOCKED, or leave it out of update_mask");

    private static DevicePolicy ToPolicy(Wire.Device.Types.Policy policy) => policy is > Wire.Device.Types.Policy.Unspecified and <= Wire.Device.Types.Policy.InternetOnly
        ? (DevicePolicy)policy
        : throw new InvalidInputException("device.policy", $"is {policy}; give POLICY_ALLOWED, POLICY_LAN_ONLY or POLICY_INTERNET_ONLY, or leave it out of update_mask");

    private static DayTimes ToTimes(Wire.TimeRange range) => DayTimes.TryCreate(range.Weekdays, range.Start, range.End, out var times)
        ? times
        : throw new InvalidInputException("device.allowed_times", $"has days '{string.Join(", ", range.Weekdays)}' from '{range.Start}' to '{range.End}'; days are 1 (Monday) to 7 (Sunday), times such as 07:30");

    private static Wire.Cursor ToCursor(string epoch, long sequence) => new() { Epoch = epoch, Sequence = (ulong)sequence };

    private static ByteString ToBytes(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[IPAddresses.IPv6Length];
        return ByteString.CopyFrom(bytes[..IPAddresses.Write(address, bytes)]);
    }

    private static ByteString ToBytes(MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, mac.Value);
        return ByteString.CopyFrom(bytes[^MacAddress.Length..]);
    }
}
