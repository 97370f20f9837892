using Appliance.Detector.Flows;

namespace Appliance.Detector.Detectors.BruteForce;

/// <summary>What an SSH connection of one to three refused passwords looks like from outside.</summary>
/// <remarks>
/// Key exchange and three refusals take 1.5 to 4 KB from the server (2.4 to 3.7 KB in recordings of nmap and OpenSSH); a session
/// brings more or lasts longer. Used only where the Router read neither failure nor success.
/// </remarks>
internal static class SshShape
{
    private const long MinBytes = 1_500;
    private const long MaxBytes = 5_000;
    private const long MaxPackets = 40;
    private const long MaxNanoseconds = 30_000_000_000;

    public static bool IsTry(in FlowEvent flowEvent)
    {
        ref readonly var told = ref flowEvent;
        return told.Kind == FlowEventKind.Ended
            && told.Flow is
            {
                Application: ApplicationKind.Ssh,
                IsMidstream: false,
                LoginFailures: 0,
                LoginSuccesses: 0,
                EndReason: EndReason.Finished or EndReason.Reset,
                BytesIn: >= MinBytes and <= MaxBytes,
                PacketsIn: <= MaxPackets,
            }
            && told.Flow.EndTime - told.Flow.StartTime <= MaxNanoseconds;
    }
}
