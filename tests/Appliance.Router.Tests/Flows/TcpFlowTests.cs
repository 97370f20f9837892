using Appliance.Router.Flows;
using Appliance.Router.Tests.Decoding;
using static Appliance.Router.Flows.FlowEventKind;

namespace Appliance.Router.Tests.Flows;

public sealed class TcpFlowTests
{
    private readonly Wire _wire = new();

    [Fact]
    public void A_conversation_begins_is_answered_and_finishes()
    {
        Converse(0).Finish();

        Assert.Equal([Began, Answered, Ended], _wire.Kinds);
        var flow = Assert.Single(_wire.Sink.Records);
        Assert.Equal(new FlowKey(Frames.Value(Wire.Client), Frames.Value(Wire.Server), 1000, 80, 6), flow.Key);
        Assert.Equal((FlowState.Answered, EndReason.Finished, false, true), (flow.State, flow.EndReason, flow.IsMidstream, flow.IsSourceConfirmed));
        Assert.Equal((4, 3, 163, 120), (flow.PacketsOut, flow.PacketsIn, flow.BytesOut, flow.BytesIn));
        Assert.Equal((0x1b, 0x13), (flow.TcpFlagsOut, flow.TcpFlagsIn));
        Assert.Equal((Wire.At(0), Wire.At(0.6)), (flow.StartTime, flow.EndTime));
    }

    [Fact]
    public void The_end_is_told_with_the_last_acknowledgment()
    {
        Converse(0);

        Assert.Equal(Ended, _wire.Kinds.Last());
        Assert.Equal(7, _wire.LastTold.PacketsOut + _wire.LastTold.PacketsIn);
    }

    [Fact]
    public void The_end_is_told_a_second_later_when_the_last_acknowledgment_is_lost()
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "FA").In(0.3, "FA").Wait(2);

        Assert.Equal((Ended, EndReason.Finished), (_wire.Kinds.Last(), _wire.LastTold.EndReason));
    }

    [Fact]
    public void Late_packets_count_towards_the_record_of_the_flow_that_has_ended()
    {
        Converse(0).In(1, "FA").Out(1.1, "A").Finish();

        Assert.Equal([Began, Answered, Ended], _wire.Kinds);
        Assert.Equal((5, 4), Assert.Single(_wire.Sink.Records) is var flow ? (flow.PacketsOut, flow.PacketsIn) : default);
    }

    [Fact]
    public void A_packet_long_after_the_end_is_a_flow_of_its_own()
    {
        Converse(0).In(60, "A").Finish();

        Assert.Equal(2, _wire.Sink.Records.Count);
        Assert.True(_wire.LastTold.IsMidstream);
    }

    [Fact]
    public void A_syn_on_a_closed_tuple_begins_a_new_flow()
    {
        Converse(0);
        Converse(1).Finish();

        Assert.Equal([Began, Answered, Ended, Began, Answered, Ended], _wire.Kinds);
        Assert.Equal([7, 7], _wire.Sink.Records.Select(flow => flow.PacketsOut + flow.PacketsIn));
    }

    [Fact]
    public void A_syn_that_is_sent_again_belongs_to_the_same_flow()
    {
        _wire.Out(0, "S").Out(1, "S").Out(3, "S").In(3.1, "SA");

        Assert.Equal([Began, Answered], _wire.Kinds);
    }

    [Fact]
    public void A_syn_with_another_number_in_an_answered_flow_begins_a_new_one()
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "A").Out(40, "S", sequence: 7777).Finish();

        Assert.Equal([Began, Answered, Ended, Began, Ended], _wire.Kinds);
        Assert.Equal([EndReason.Idle, EndReason.CaptureEnded], _wire.Sink.Records.Select(flow => flow.EndReason));
    }

    [Fact]
    public void A_reset_that_answers_a_syn_refuses()
    {
        _wire.Out(0, "S").In(0.1, "RA");

        Assert.Equal([Began, Refused, Ended], _wire.Kinds);
        Assert.Equal((FlowState.Refused, EndReason.Reset, false), (_wire.LastTold.State, _wire.LastTold.EndReason, _wire.LastTold.IsSourceConfirmed));
    }

    [Fact]
    public void A_half_open_scan_is_answered_and_reset_by_its_source()
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "R");

        Assert.Equal([Began, Answered, Ended], _wire.Kinds);
        Assert.Equal((FlowState.Answered, EndReason.Reset, true), (_wire.LastTold.State, _wire.LastTold.EndReason, _wire.LastTold.IsSourceConfirmed));
    }

    [Theory]
    [InlineData(501, true)]
    [InlineData(777, false)]
    public void Only_the_right_acknowledgment_confirms_the_source(uint acknowledgment, bool confirmed)
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "A", acknowledgment: acknowledgment).Finish();

        Assert.Equal(confirmed, _wire.Sink.Records[0].IsSourceConfirmed);
    }

    [Theory]
    [InlineData("SA")]
    [InlineData("R")]
    [InlineData("PA")]
    [InlineData("")]
    [InlineData("F")]
    public void A_first_packet_that_opens_nothing_is_midstream(string flags)
    {
        _wire.Out(0, flags);

        Assert.True(_wire.Sink.Events[0].Flow.IsMidstream);
    }

    [Fact]
    public void A_reset_that_answers_a_flag_probe_refuses()
    {
        _wire.Out(0, "F").In(0.1, "RA");

        Assert.Equal([Began, Refused, Ended], _wire.Kinds);
        Assert.True(_wire.LastTold.IsMidstream);
    }

    [Fact]
    public void A_syn_begins_anew_where_only_a_piece_was_seen_before()
    {
        _wire.Out(0, "A").Out(1, "S");

        Assert.Equal([Began, Ended, Began], _wire.Kinds);
        Assert.False(_wire.LastTold.IsMidstream);
    }

    [Theory]
    [InlineData(29.9, 2)]
    [InlineData(30.1, 3)]
    public void An_unanswered_flow_ends_after_thirty_seconds(double until, int events)
    {
        _wire.Out(0, "S").Out(0.01, "S").Wait(until + 0.25);

        Assert.Equal(events == 3 ? [Began, Ended] : [Began], _wire.Kinds);
    }

    [Fact]
    public void An_answered_flow_ends_after_five_minutes_of_silence()
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "A").Wait(299);
        Assert.DoesNotContain(Ended, _wire.Kinds);

        _wire.Wait(301);

        Assert.Equal((Ended, EndReason.Idle), (_wire.Kinds.Last(), _wire.LastTold.EndReason));
        Assert.Single(_wire.Sink.Records);
    }

    [Fact]
    public void A_packet_after_too_long_a_silence_is_another_flow_even_before_the_timer()
    {
        _wire.Out(0, "S").Out(30.01, "S");

        Assert.Equal([Began, Ended, Began], _wire.Kinds);
    }

    [Fact]
    public void A_flow_that_goes_on_is_told_each_minute()
    {
        _wire.Out(0, "S").In(0.1, "SA");
        for (var second = 1; second < 150; second++)
        {
            _wire.Out(second, second % 10 == 0 ? "PA" : "A", sequence: (uint)second);
        }

        Assert.Equal([64, 128], DoublingTold());
        Assert.Equal([60, 120], _wire.Sink.Events.Where(told => told.Kind == Updated && !IsDoubling(told)).Select(told => Math.Round((told.Time - Wire.At(0)) / 1e9)));
    }

    [Fact]
    public void A_quiet_flow_is_not_told_again()
    {
        _wire.Out(0, "S").In(0.1, "SA").Wait(290);

        Assert.Equal([Began, Answered, Updated], _wire.Kinds);
    }

    [Fact]
    public void A_busy_flow_is_told_at_each_doubling_and_then_every_4096_packets()
    {
        for (var packet = 0; packet < 12_300; packet++)
        {
            _wire.Out(packet * 0.0001, "A");
        }

        Assert.Equal([64, 128, 256, 512, 1024, 2048, 4096, 8192, 12288], DoublingTold());
    }

    [Fact]
    public void A_log_in_outcome_is_told_at_once()
    {
        _wire.Out(0, "S").In(0.1, "SA").Out(0.2, "A")
            .In(0.3, "PA", "220 FTP ready\r\n"u8.ToArray(), sequence: 501)
            .Out(0.4, "PA", "PASS x\r\n"u8.ToArray(), sequence: 101)
            .In(0.5, "PA", "530 no\r\n"u8.ToArray(), sequence: 516);

        Assert.Equal([Began, Answered, Updated], _wire.Kinds);
        Assert.Equal((1, 0, Appliance.Router.Decoding.ApplicationKind.Ftp), (_wire.LastTold.LoginFailures, _wire.LastTold.LoginSuccesses, _wire.LastTold.Application));
    }

    [Fact]
    public void Times_that_go_back_do_not_move_the_clock_back()
    {
        _wire.Out(10, "S").In(5, "SA").Out(11, "A").Finish();

        Assert.Equal([Wire.At(10), Wire.At(10), Wire.At(11)], _wire.Sink.Events.Select(told => told.Time));
        Assert.Equal((Wire.At(10), Wire.At(11)), (_wire.Sink.Records[0].StartTime, _wire.Sink.Records[0].EndTime));
    }

    private IEnumerable<long> DoublingTold() =>
        _wire.Sink.Events.Where(told => told.Kind == Updated && IsDoubling(told)).Select(told => told.Flow.PacketsOut + told.Flow.PacketsIn);

    private static bool IsDoubling(FlowEvent told) => (told.Flow.PacketsOut + told.Flow.PacketsIn) % 64 == 0;

    // Seven packets: handshake with data, both FINs and the last acknowledgment.
    private Wire Converse(double at) => _wire
        .Out(at, "S").In(at + 0.1, "SA").Out(at + 0.2, "PA", [1, 2, 3]).In(at + 0.3, "A")
        .Out(at + 0.4, "FA").In(at + 0.5, "FA").Out(at + 0.6, "A");
}
