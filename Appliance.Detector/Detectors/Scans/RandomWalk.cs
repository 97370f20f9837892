namespace Appliance.Detector.Detectors.Scans;

/// <summary>The steps and the bound of the threshold random walk (Jung et al., IEEE S&amp;P 2004, section 4).</summary>
/// <remarks>
/// At the defaults a failure is +1.386, an answer -1.386, the bound 4.595: four failures in a row decide. The walk never
/// falls below one answer, as in change detection, so that a long good past delays the decision by one failure at most.
/// </remarks>
internal sealed class RandomWalk
{
    public RandomWalk(ScanOptions options)
    {
        Failure = Math.Log((1 - options.ScannerAnswerShare) / (1 - options.HealthyAnswerShare));
        WeakFailure = Math.Log((1 - options.ScannerAnswerShare) / (1 - options.OutageAnswerShare));
        Answer = Math.Log(options.ScannerAnswerShare / options.HealthyAnswerShare);
        Bound = Math.Log((1 - options.ErrorShare) / options.ErrorShare);
    }

    public double Failure { get; }

    /// <summary>0.288 at the defaults: sixteen of them decide.</summary>
    public double WeakFailure { get; }

    public double Answer { get; }

    public double Bound { get; }

    public double Step(double walk, ContactOutcome outcome) => outcome switch
    {
        ContactOutcome.Answered => Math.Max(Answer, walk + Answer),
        ContactOutcome.Failed => walk + Failure,
        ContactOutcome.FailedWeakly => walk + WeakFailure,
        _ => walk,
    };
}
