using Appliance.Hosting.Errors;
using Google.Protobuf.WellKnownTypes;

namespace Appliance.Logger.Alerts;

/// <summary>Times from the wire, which may be missing or of no year that exists.</summary>
internal static class WireTime
{
    // 0001-01-01 and 9999-12-31, as timestamp.proto bounds them; ToDateTimeOffset throws outside.
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;
    private const int LastNano = 999_999_999;

    public static bool TryRead(Timestamp? wire, out DateTimeOffset time)
    {
        if (wire is { Seconds: >= FirstSecond and <= LastSecond, Nanos: >= 0 and <= LastNano })
        {
            time = wire.ToDateTimeOffset();
            return true;
        }

        time = default;
        return false;
    }

    /// <summary>Null where there is none; one of no year that exists is a fault of the field.</summary>
    public static DateTimeOffset? ReadOrFault(string field, Timestamp? wire, List<FieldFault> faults)
    {
        if (wire is null)
        {
            return null;
        }

        if (TryRead(wire, out var time))
        {
            return time;
        }

        faults.Add(new FieldFault(field, "is outside the years 1 to 9999"));
        return null;
    }

    /// <summary>The first of all times where there is none.</summary>
    public static DateTimeOffset ReadOrFirst(Timestamp? wire) => TryRead(wire, out var time) ? time : DateTimeOffset.MinValue;
}
