using System.Text;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Streams;

namespace Appliance.Router.Tests.Decoding;

/// <summary>A conversation of one application, segment by segment, and the log-in outcomes that it showed.</summary>
internal sealed class LoginDialog(ApplicationKind application)
{
    private readonly LoginSegments _segments = new(new StreamHeads(16, StreamHead.Capacity));
    private LoginTrack _track = new(application);
    private uint _clientSequence = 1000;
    private uint _serverSequence = 5000;
    private long _time;

    public List<string> Outcomes { get; } = [];

    /// <summary>The outcomes, and whether each was of credentials that makers ship.</summary>
    public List<(string Outcome, bool IsDefault)> Tries { get; } = [];

    /// <summary>The credentials sent last are some that makers ship.</summary>
    public bool IsDefault => _track.IsDefault;

    public LoginDialog Client(string text, int milliseconds = 1) => Client(Encoding.Latin1.GetBytes(text), milliseconds);

    public LoginDialog Server(string text, int milliseconds = 1) => Server(Encoding.Latin1.GetBytes(text), milliseconds);

    public LoginDialog Client(byte[] payload, int milliseconds = 1) => Say(payload, ref _clientSequence, isFromSource: true, milliseconds);

    public LoginDialog Server(byte[] payload, int milliseconds = 1) => Say(payload, ref _serverSequence, isFromSource: false, milliseconds);

    /// <summary>The last segment of the server once more.</summary>
    public LoginDialog ServerAgain(string text)
    {
        _serverSequence -= (uint)text.Length;
        return Server(text);
    }

    /// <summary>A segment that begins with what has come already.</summary>
    public LoginDialog ClientAgain(string text, int known)
    {
        _clientSequence -= (uint)known;
        return Client(text);
    }

    /// <summary>Bytes of the client that nobody captures.</summary>
    public LoginDialog Lose(int bytes)
    {
        _clientSequence += (uint)bytes;
        return this;
    }

    public LoginDialog Close()
    {
        _track.Close();
        Note();
        return this;
    }

    private LoginDialog Say(byte[] payload, ref uint sequence, bool isFromSource, int milliseconds)
    {
        _time += milliseconds * 1_000_000L;
        var acknowledgment = isFromSource ? _serverSequence : _clientSequence;
        var packet = new Packet { Time = _time, Payload = payload, PayloadBytes = payload.Length, TcpSequence = sequence, TcpFlags = TcpControl.Ack, TcpAcknowledgment = acknowledgment };
        sequence += (uint)payload.Length;
        _segments.Take(ref _track, isFromSource ? 1 : 0, packet, isFromSource);
        Note();
        return this;
    }

    private void Note()
    {
        var outcome = _track.TakeOutcome(out var wasDefault);
        if (outcome != LoginOutcome.None)
        {
            Outcomes.Add(outcome.ToString());
            Tries.Add((outcome.ToString(), wasDefault));
        }
    }
}
