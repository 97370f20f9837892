namespace Appliance.Bmc.Board;

/// <summary>Generations of the API. Those in HTTPS are told apart by what `about` holds, since `api` says "1.1" in nearly all of them.</summary>
internal enum BoardGeneration
{
    /// <summary>1.0 and 1.1: plain HTTP without log-in, data without the `result` around it.</summary>
    Plain,

    /// <summary>2.0.0 and 2.0.1: no `about`.</summary>
    First,

    /// <summary>2.0.2 to 2.0.5: `about` without a board model.</summary>
    Second,

    /// <summary>2.3.0 to 2.3.4: board model, and slots with notes.</summary>
    Third,

    /// <summary>2.3.5 on: the daemon's version has its own name.</summary>
    Fourth,
}
