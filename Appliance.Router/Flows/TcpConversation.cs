using Appliance.Router.Decoding;

namespace Appliance.Router.Flows;

/// <summary>What the flags of TCP segments say about a flow.</summary>
internal static class TcpConversation
{
    private const TcpControl SynAck = TcpControl.Syn | TcpControl.Ack;

    public static bool IsOpening(TcpControl flags) => (flags & (SynAck | TcpControl.Rst)) == TcpControl.Syn;

    /// <summary>Both sides have sent FIN.</summary>
    public static bool IsFinishing(in FlowEntry entry) => (entry.FlagsOut & entry.FlagsIn & TcpControl.Fin) != TcpControl.None;

    /// <summary>A SYN that does not belong to the flow that holds its tuple now.</summary>
    public static bool IsNewOpening(in FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if (!IsOpening(packet.TcpFlags))
        {
            return false;
        }

        // A SYN that is sent again carries the number of the first; in an answered flow another number is another conversation.
        var isOther = !isFromSource || packet.TcpSequence != entry.FirstSequence;
        return entry.IsClosed || entry.IsMidstream || (entry.State == FlowState.Answered && isOther);
    }

    /// <summary>Notes that the source receives what the destination sends to it.</summary>
    /// <remarks>Only who has seen the SYN-ACK can acknowledge its number, so a forged address shows by never doing it.</remarks>
    public static void NoteConfirmation(ref FlowEntry entry, in Packet packet, bool isFromSource)
    {
        if (!isFromSource)
        {
            if ((packet.TcpFlags & SynAck) == SynAck && !entry.IsMidstream)
            {
                entry.AnswerSequence = packet.TcpSequence;
                entry.Marks |= EntryMarks.AnswerKnown;
            }
        }
        else if ((entry.Marks & EntryMarks.AnswerKnown) != EntryMarks.None)
        {
            var acknowledges = (packet.TcpFlags & TcpControl.Ack) != TcpControl.None && packet.TcpAcknowledgment == entry.AnswerSequence + 1;
            if (acknowledges || (packet.TcpFlags & TcpControl.Rst) != TcpControl.None)
            {
                entry.Marks |= EntryMarks.SourceConfirmed;
            }
        }
    }
}
