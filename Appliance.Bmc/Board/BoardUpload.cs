using System.Globalization;

namespace Appliance.Bmc.Board;

/// <summary>The bytes of one transfer on their way to the board.</summary>
internal sealed record BoardUpload(uint Handle, TransferOrder Order, Stream Content, IProgress<long> Sent)
{
    // A module's flash may stand still for tens of seconds while it erases; longer than this the board or the way to it is gone.
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    // Slower than any board in the field by far (USB 2.0 into eMMC takes megabytes a second); it only bounds a trickle.
    private const long SlowestBytesPerSecond = 128 * 1024;

    /// <summary>For all of it, whatever goes on meanwhile.</summary>
    public TimeSpan Limit => TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(Order.Length / SlowestBytesPerSecond);

    public string Path => string.Create(CultureInfo.InvariantCulture, $"{BoardCall.Api}/upload/{Handle}");
}
