using Appliance.Router.Capture;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Router.Tests.Capture;

public sealed class ReplayTests
{
    private const long Second = 1_000_000_000;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_000_000));

    [Fact]
    public void Frames_come_when_they_are_due()
    {
        using var replay = Play(speed: 1, (5 * Second, [1]), (6 * Second, [2]), (6 * Second, [3]));
        Assert.Equal([1], ReadFrame.All(replay).Select(frame => frame.Bytes[0]));

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(ReadFrame.All(replay));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([2, 3], ReadFrame.All(replay).Select(frame => frame.Bytes[0]));
    }

    [Fact]
    public void Frames_come_at_once_at_speed_zero()
    {
        using var replay = Play(speed: 0, (5 * Second, [1]), (5000 * Second, [2]));

        Assert.Equal(2, ReadFrame.All(replay).Count);
        Assert.Equal(ReadOutcome.End, replay.Read(out _));
    }

    [Fact]
    public void Frames_come_n_fold_sooner()
    {
        using var replay = Play(speed: 100, (5 * Second, [1]), (105 * Second, [2]));
        ReadFrame.All(replay);

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(ReadFrame.All(replay));
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([2], ReadFrame.All(replay).Select(frame => frame.Bytes[0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Times_between_frames_are_those_of_the_capture_at_any_speed(double speed)
    {
        using var replay = Play(speed, (5 * Second, [1]), (5 * Second + 7, [2]), (12 * Second, [3]));
        var times = ReadFrame.All(replay).Select(frame => frame.Time).ToList();
        _clock.Advance(TimeSpan.FromSeconds(60));
        times.AddRange(ReadFrame.All(replay).Select(frame => frame.Time));

        Assert.Equal([1_000_000 * Second, (1_000_000 * Second) + 7, 1_000_007 * Second], times);
    }

    [Fact]
    public void At_full_speed_each_loop_follows_a_second_after_the_last()
    {
        using var replay = new Replay(() => new ListSource((5 * Second, [1]), (7 * Second, [2])), new CaptureOptions { Speed = 0, Loop = true }, _clock);
        var times = new List<long>();

        while (times.Count < 6 && replay.Read(out var frame) == ReadOutcome.Frame)
        {
            times.Add((frame.Time / Second) - 1_000_000);
        }

        Assert.Equal([0, 2, 3, 5, 6, 8], times);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_pcapng_file_plays_like_a_pcap_file(double speed)
    {
        using var folder = new TempFolder();
        var (classic, next) = (folder.File("a.pcap"), folder.File("a.pcapng"));
        byte[][] frames = [[1], [2, 2], [3, 3, 3]];
        File.WriteAllBytes(classic, CaptureBytes.Classic(frames));
        File.WriteAllBytes(next, [.. CaptureBytes.Section(), .. CaptureBytes.Interface(), .. frames.SelectMany((frame, i) => CaptureBytes.Enhanced(frame, ticks: ((ulong)i + 1) * 1_000_000))]);

        Assert.Equal(PlayFile(classic, speed), PlayFile(next, speed));
        Assert.Equal(3, PlayFile(next, speed).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void The_clock_begins_now_and_runs_n_fold(double speed)
    {
        using var replay = Play(speed, (5 * Second, [1]), (1005 * Second, [2]));
        ReadFrame.All(replay);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((1_000_000 + (long)(3 * speed)) * Second, replay.Now);
    }

    [Fact]
    public void The_clock_waits_for_the_frame_that_is_due_next()
    {
        using var replay = Play(speed: 1, (5 * Second, [1]), (7 * Second, [2]));
        ReadFrame.All(replay);

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(1_000_002 * Second, replay.Now);
    }

    [Fact]
    public void Times_stay_those_of_the_capture_when_not_shifted()
    {
        using var replay = new Replay(() => new ListSource((5 * Second, [1])), new CaptureOptions { Speed = 1, ShiftToNow = false }, _clock);

        Assert.Equal(5 * Second, Assert.Single(ReadFrame.All(replay)).Time);
    }

    [Fact]
    public void Each_loop_follows_a_second_after_the_last()
    {
        var options = new CaptureOptions { Speed = 2, Loop = true };
        using var replay = new Replay(() => new ListSource((5 * Second, [1]), (7 * Second, [2])), options, _clock);
        var times = new List<long>();

        for (var i = 0; i < 14; i++)
        {
            times.AddRange(ReadFrame.All(replay).Select(frame => (frame.Time / Second) - 1_000_000));
            _clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal([0, 2, 3, 5, 6, 8, 9, 11, 12], times);
        Assert.Equal(4, replay.LoopsCount);
    }

    [Fact]
    public void A_capture_without_frames_ends_even_in_a_loop()
    {
        using var replay = new Replay(() => new ListSource(), new CaptureOptions { Loop = true }, _clock);

        Assert.Equal(ReadOutcome.End, replay.Read(out _));
    }

    [Fact]
    public void A_damaged_capture_is_not_played_again()
    {
        var fault = new CaptureFault(CaptureFaultKind.AbsurdLength, 1, 2, 3, "damaged");
        using var replay = new Replay(() => new ListSource((5 * Second, [1])) { Fault = fault }, new CaptureOptions { Loop = true, Speed = 0 }, _clock);

        Assert.Single(ReadFrame.All(replay));
        Assert.Equal(fault, replay.Fault);
    }

    [Fact]
    public async Task Waiting_ends_when_the_next_frame_is_due()
    {
        using var replay = Play(speed: 1, (5 * Second, [1]), (5 * Second + 50_000_000, [2]));
        ReadFrame.All(replay);

        var wait = replay.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(wait.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        await wait;

        Assert.Equal([2], ReadFrame.All(replay).Select(frame => frame.Bytes[0]));
    }

    [Fact]
    public void An_earlier_time_is_due_at_once()
    {
        using var replay = Play(speed: 1, (5 * Second, [1]), (4 * Second, [2]));

        Assert.Equal([1_000_000 * Second, 999_999 * Second], ReadFrame.All(replay).Select(frame => frame.Time));
        Assert.Equal(1_000_000 * Second, replay.Now);
    }

    private List<(string Bytes, long Time)> PlayFile(string path, double speed)
    {
        var clock = new FakeTimeProvider(_clock.GetUtcNow());
        using var replay = new Replay(() => new CaptureFile(path), new CaptureOptions { Speed = speed }, clock);
        var frames = ReadFrame.All(replay);
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            frames.AddRange(ReadFrame.All(replay));
        }

        return [.. frames.Select(frame => (Convert.ToHexString(frame.Bytes), frame.Time))];
    }

    private Replay Play(double speed, params (long Time, byte[] Bytes)[] frames) =>
        new(() => new ListSource(frames), new CaptureOptions { Speed = speed }, _clock);
}
