using System.Globalization;
using Appliance.Hosting.Health;

namespace Appliance.Router.Rules.Keeping;

/// <summary>The health part of the firewall: whether the last apply was taken, and how much of it the kernel still has.</summary>
internal sealed class EnforcementHealth(IFirewall firewall, HealthBoard board)
{
    public const string Part = "firewall";

    private readonly Lock _turn = new();
    private string? _fault;
    private double _ratio;

    /// <summary>Share of what should be in the kernel that is there.</summary>
    public double Ratio
    {
        get
        {
            lock (_turn)
            {
                return _ratio;
            }
        }
    }

    /// <summary>The firewall has taken the whole ruleset.</summary>
    public void Applied()
    {
        lock (_turn)
        {
            _fault = null;
            _ratio = firewall.Enforces ? 1 : 0;
            Report();
        }
    }

    /// <summary>The firewall has refused it.</summary>
    public void Failed(string fault)
    {
        lock (_turn)
        {
            _fault = fault;
            Report();
        }
    }

    /// <summary>Somebody has looked how much is there.</summary>
    public void Measured(double ratio)
    {
        lock (_turn)
        {
            _ratio = ratio;
            Report();
        }
    }

    private void Report()
    {
        var isWhole = _ratio >= 1 || !firewall.Enforces;
        var state = _fault is not null || (!isWhole && _ratio <= 0) ? PartState.Failed
            : firewall.IsDegraded || !isWhole ? PartState.Degraded
            : PartState.Healthy;
        // Rounded down: what is not whole is never called 100 %.
        var share = string.Create(CultureInfo.InvariantCulture, $" Of what should be there, {Math.Floor(_ratio * 100):0} % is.");
        board.Report(Part, state, (_fault ?? firewall.Description) + (isWhole ? "" : share));
    }
}
