namespace Appliance.Bmc.Simulation;

/// <summary>The board's one user. A changed password counts at once, as the daemon watches its file, and outlives it.</summary>
internal sealed class BoardAccount(SimulatorOptions options)
{
    private volatile string _password = options.Password;

    public void ChangePassword(string password) => _password = password;

    public bool Accepts(string user, string password) =>
        (user == options.UserName && password == _password) || (options.Faults.DefaultPassword && user == "root" && password == "turing");
}
