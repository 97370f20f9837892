using Appliance.Evaluation;
using Appliance.Evaluation.Windows;
using Appliance.Router.Capture;
using Appliance.Tests.Shared;

namespace Appliance.Tests.Evaluation.Windows;

[Trait("Category", "Slow")]
public sealed class OverlayTests
{
    private const double Rate = 10;
    private const double NanosecondsPerSecond = 1e9;

    private static readonly string Bed = Path.Combine(Checkout.Traffic, "benign-boot.pcapng");
    private static readonly string Attack = Path.Combine(Checkout.Traffic, "flood-udp-hping3.pcapng");

    [Fact]
    public void Time_only_goes_forward()
    {
        var times = Play(out _).Select(packet => packet.Time).ToArray();

        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public void Attack_keeps_the_wanted_rate()
    {
        var packets = Play(out var attacked);

        var seconds = (packets[^1].Time - packets[0].Time) / NanosecondsPerSecond;
        Assert.InRange(attacked.Count, 28, 61);
        Assert.InRange(seconds, 10 * attacked.Count, (10 * attacked.Count) + 110);
    }

    [Fact]
    public void Benign_traffic_goes_on_for_as_long_as_the_attack()
    {
        var shape = CaptureShape.Measure(Bed, null);

        var packets = Play(out var attacked);

        var benign = packets.Count(packet => !packet.IsAttack);
        Assert.InRange(benign / (10 * attacked.Count * shape.Rate), 0.8, 2);
    }

    private static List<(long Time, bool IsAttack)> Play(out IReadOnlySet<long> attacked)
    {
        var window = Manifest.Read(Path.Combine(Checkout.Traffic, "MANIFEST.tsv")).Single(entry => entry.Path == Attack).Window!.Value;
        var attack = AttackFrames(window);
        using var overlay = new Overlay(Bed, CaptureShape.Measure(Bed, null), Attack, window, new Tempo(CaptureShape.Measure(Attack, window), Rate));
        var packets = new List<(long, bool)>();
        while (overlay.Read(out var frame) == ReadOutcome.Frame)
        {
            packets.Add((frame.Time, attack.Contains(Convert.ToHexString(frame.Bytes))));
        }

        attacked = overlay.AttackedWindows;
        return packets;
    }

    private static HashSet<string> AttackFrames(TimeWindow window)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var capture = new CaptureFile(Attack);
        while (capture.Read(out var frame) == ReadOutcome.Frame)
        {
            if (frame.Time >= window.Start && frame.Time <= window.End)
            {
                found.Add(Convert.ToHexString(frame.Bytes));
            }
        }

        return found;
    }
}
