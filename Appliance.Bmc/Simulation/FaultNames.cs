using System.Globalization;

namespace Appliance.Bmc.Simulation;

/// <summary>Faults by the names that people give them on a command line: `NAME=VALUE`, or `NAME` alone for what is or is not.</summary>
public static class FaultNames
{
    // Whole seconds, bytes, counts: what is longer than a day or larger than a TiB is a slip of the hand.
    private const long Largest = 1L << 40;

    private static readonly KeyValuePair<string, Action<BoardFaults, long>>[] Numbers =
    [
        new("drop-upload", (faults, bytes) => faults.DropUploadAt = bytes),
        new("stall-upload", (faults, bytes) => faults.StallUploadAt = bytes),
        new("kill-write", (faults, bytes) => faults.KillWriteAt = bytes),
        new("kill-verify", (faults, bytes) => faults.KillVerifyAt = bytes),
        new("kill-after-flashes", (faults, count) => faults.KillAfterFlashes = (int)Math.Min(count, int.MaxValue)),
        new("dead-time", (faults, seconds) => faults.DeadTime = Seconds(seconds)),
        new("restart-after", (faults, seconds) => faults.RestartAfter = Seconds(seconds)),
        new("flash-speed", (faults, bytesPerSecond) => faults.FlashBytesPerSecond = Math.Max(1, bytesPerSecond)),
        new("usb-failures", (faults, count) => faults.UsbFailures = (int)Math.Min(count, int.MaxValue)),
        new("verify-failures", (faults, count) => faults.VerifyFailures = (int)Math.Min(count, int.MaxValue)),
        new("firmware-failures", (faults, count) => faults.FirmwareFailures = (int)Math.Min(count, int.MaxValue)),
    ];

    private static readonly KeyValuePair<string, Action<BoardFaults>>[] Switches =
    [
        new("silent", faults => faults.Silent = true),
        new("default-password", faults => faults.DefaultPassword = true),
        new("expired-certificate", faults => faults.ExpiredCertificate = true),
    ];

    /// <summary>All names, those that take a number with "=N".</summary>
    public static string All { get; } = string.Join(", ", [.. Numbers.Select(number => number.Key + "=N"), .. Switches.Select(each => each.Key)]);

    /// <summary>Sets one fault, or returns false for what is none.</summary>
    public static bool TryApply(BoardFaults faults, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            var one = Array.Find(Switches, each => each.Key == text).Value;
            one?.Invoke(faults);
            return one is not null;
        }

        var number = Array.Find(Numbers, each => each.Key == text[..equals]).Value;
        if (number is null
            || !long.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            || value > Largest)
        {
            return false;
        }

        number(faults, value);
        return true;
    }

    private static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
}
