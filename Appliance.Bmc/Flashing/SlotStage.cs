using Appliance.Hosting;
using Appliance.Hosting.Enrollment;

namespace Appliance.Bmc.Flashing;

/// <summary>How far the node of a started slot has come on its way to its certificates, by its console.</summary>
/// <param name="State">Proving before that, Enrolling while an admin is waited for, Starting from then on.</param>
/// <param name="Requests">Those that wait.</param>
/// <param name="Refused">The request that an admin refused; empty where none was.</param>
internal sealed record SlotStage(FlashState State, IReadOnlyList<SlotRequest> Requests, string Refused = "")
{
    /// <summary>By what it printed of that node since it was started; what an earlier life of this program has read counts as read.</summary>
    public static SlotStage Read(string printed, string node, SlotFlash before)
    {
        var last = printed.Split('\n').Select(EnrollmentLine.Find).OfType<EnrollmentLine>().Where(line => line.Node == node).GroupBy(line => line.Role).Select(lines => lines.Last()).ToList();
        var waiting = last.Where(line => line.State == EnrollmentLineState.Waits).Select(line => new SlotRequest(line.Role.Word(), line.RequestId, line.KeySha256)).ToList();
        return last.Find(line => line.State == EnrollmentLineState.Refused) is { } refused ? new(FlashState.Enrolling, waiting, refused.RequestId)
            : waiting.Count > 0 ? new(FlashState.Enrolling, waiting)
            : last.Count > 0 ? new(FlashState.Starting, [])
            : new(before.State, before.Requests);
    }

    public bool IsSameAs(SlotStage other) => State == other.State && Requests.SequenceEqual(other.Requests);
}
